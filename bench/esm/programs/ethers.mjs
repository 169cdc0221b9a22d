// Encodes a call of a contract, with another SDK.
import { Interface, parseEther } from 'ethers';

const abi = new Interface(['function transfer(address to, uint256 value)']);
console.log(abi.encodeFunctionData('transfer', ['0x000000000000000000000000000000000000dEaD', parseEther('1')]));
